"""The nouns of K-drama OST posts and the reasoning about them: values in, values out."""
