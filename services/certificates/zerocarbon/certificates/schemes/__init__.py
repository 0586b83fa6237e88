"""The schemes that this installation knows: rules as dated data, a file a scheme."""
