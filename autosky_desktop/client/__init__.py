"""The control plane as typed coroutines. The only place that knows HTTP."""
