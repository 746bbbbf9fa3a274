"""Policies for negoenv: scripted, planning and learnt; their trainers and TensorBoard logging."""
