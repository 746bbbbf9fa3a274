"""What policies achieve: evaluated, compared, drawn as tables and TensorBoard curves."""
