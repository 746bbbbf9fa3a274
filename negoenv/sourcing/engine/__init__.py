"""Many episodes of Sourcing side by side: records, compiled loops, the batch. It calls the rules and holds none."""
