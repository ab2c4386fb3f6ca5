"""Questions asked of a device: NDTC, response, best ratio, hysteresis, heat matrix, citations; validity/ and its report."""
