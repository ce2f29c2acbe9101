"""The work that outlives the process: publications, step by step, resumed after a crash."""
