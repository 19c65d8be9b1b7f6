"""REST: questionnaires and answers (questionnaires.py), published summaries (releases.py)."""
