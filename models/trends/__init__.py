"""How a song is doing: levels, surprise, growth, breadth, engagement, states and alerts, hour by hour."""
