"""Research studies: who matches, what of it may be shown, inviting, and what people answer."""
