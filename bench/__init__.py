"""The benchmark: how near booking and listing come to what PostgreSQL alone can do. `./run bench`.

world.py makes people and classes, limits.py the smallest transactions there could be,
naive.py the same features as one writes them without thinking about locks, load.py what
is measured and how, rounds.py the order, tables.py the figures. Nothing of the product
imports this, and no figure of it is asserted by a test.
"""
