"""The promises of a provider as tests, for whoever writes one: `docs/providers.md` says how."""
