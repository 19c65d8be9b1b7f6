"""The course of taking part: a break, coming back, an end, staying longer, leaving, and what ends with a death."""
