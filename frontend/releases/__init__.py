"""A release as it reads: words, tables and charts made of its stored figures, on a page and on paper."""
