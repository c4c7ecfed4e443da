"""The only code that talks to WeChat."""
