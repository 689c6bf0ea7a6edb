"""Which of several clips fits a prompt best: two small networks that read the same attributes from words and from pictures."""
