"""What a user should know before believing an answer."""
