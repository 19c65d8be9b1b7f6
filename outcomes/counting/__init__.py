"""What can be said of many people: who is counted, and the statistics."""
