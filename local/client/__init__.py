"""A client of Openhouse, the model for the browser's. `protocol`, `room`, `feed` and `cache` are pure.

From the wire to the screen: `protocol` reads frames, `room` and `feed` put commits in order, `cache` applies them to
records; `line` is one socket, `session` keeps them coming, `rest` is the other half of the API, `mirror` puts it all
together.
"""
