"""Rules of taking part that know no Django: who can join, what answers mean, what is due when, what words come to."""
