"""What a person does in a browser: the phone through the preview, the office at its desk."""
