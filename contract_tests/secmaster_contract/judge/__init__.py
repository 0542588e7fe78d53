"""What an exchange shows of a clause, and what all of them come to."""
