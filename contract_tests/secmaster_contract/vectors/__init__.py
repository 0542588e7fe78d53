"""What is asked: requests with what is expected of their answers, derived from the contract."""
