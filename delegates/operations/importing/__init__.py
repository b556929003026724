"""Loading a delegation's list from a spreadsheet, with a finding for whatever is not plain.

``files`` opens what was sent, ``headers`` finds the columns, ``reading`` turns rows into values,
``matching`` says what each row would do, ``batches`` keeps them, ``applying`` writes them.
"""
