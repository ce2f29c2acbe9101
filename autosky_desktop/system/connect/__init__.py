"""Opening a session on a server with the clients of this computer, and leaving no secret behind.

target: hostile values end here. probe, trust: who answers there. keychain, credentials, vault:
where a secret comes from. launchers: one module a client, command lines built by pure functions.
"""
