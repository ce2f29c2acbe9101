"""The opening of sessions on servers with this computer's clients, which leaves no secret behind.

target: hostile values end here. probe, trust: who answers there. keychain, credentials, vault:
where a secret comes from. launchers: one module a client, command lines built by pure functions.
"""
