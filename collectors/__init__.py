"""One site or file format each: fetch an answer, turn it into posts."""
