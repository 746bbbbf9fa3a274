"""Many episodes side by side: buffers, compiled loops, resets. It calls the rules in `negoenv.game` and holds none."""
