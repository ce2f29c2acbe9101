"""The banners under the header, each about what concerns the whole window."""
