"""Policies for negoenv: scripted, planning and learned; their trainers and TensorBoard logging."""
