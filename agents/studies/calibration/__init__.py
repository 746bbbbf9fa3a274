"""How suppliers are fitted to human bargaining data, and checked against it."""
