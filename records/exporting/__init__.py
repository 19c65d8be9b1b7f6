"""A copy of everything held about one person, for that person: read, put into words, made by the worker, handed out.

reading.py reads by the registry of tables; names.py keeps other people out of it; paper.py and packing.py
write it down; copies.py is asked by pages and by the worker.
"""
