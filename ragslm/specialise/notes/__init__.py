"""Generated notes, letters, chats and forms in which every name and address is marked: training data."""
