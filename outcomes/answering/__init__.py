"""Answers kept, sent, scored and shown again to whoever gave them."""
