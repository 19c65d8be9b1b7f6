"""Coming in: a registration page by page, by telephone, from a list or a referral, until somebody joins."""
