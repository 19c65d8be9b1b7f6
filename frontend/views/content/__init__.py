"""Pages for those who answer for the content: clinical leads and administrators."""
