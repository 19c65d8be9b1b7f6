"""The pages of administrators about whoever works with SafeFit, and its partners."""
