"""How much the mock costs, as ratios measured in one process; ``python -m benchmarks`` runs them all."""
