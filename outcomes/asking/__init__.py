"""What is due, from when until when, and what is said about it."""
