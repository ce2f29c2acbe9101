"""HTTP for all subjects: who may call, how bodies are read, and how errors are answered."""
