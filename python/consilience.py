"""Reads Consilience projects: results as NumPy arrays and, where pandas is installed, as data frames.

One file without dependencies but NumPy; copy it beside your script. It opens projects for reading only.

    import consilience

    with consilience.open('digits.consilience') as project:
        matching = project.result('matching', a='Net1', b='Net2', layer='conv2')
        print(matching.headline['matchMean'], matching['match-value'])

The format is described in docs/project-file.md.
"""

import json
import pathlib
import sqlite3
import warnings

import numpy as np

__all__ = ['open', 'Project', 'Run', 'Result', 'Capture']

APPLICATION_ID = 0x434E534C
KNOWN_VERSION = 70
TILE = 512
DTYPES = {'float64': '<f8', 'float32': '<f4', 'int32': '<i4', 'uint8': 'u1'}
NOT_IN_JSON = {'NaN': float('nan'), 'Infinity': float('inf'), '-Infinity': float('-inf')}


def open(path):
    """Opens a project file for reading."""
    return Project(path)


class Project:
    """An open project. Close it, or use it in a `with` statement."""

    def __init__(self, path):
        self.path = pathlib.Path(path)
        if not self.path.is_file():
            raise FileNotFoundError(f'There is no project file {self.path}.')
        self._db = _connect(self.path)
        try:
            application = self._one('PRAGMA application_id')[0]
            if application != APPLICATION_ID:
                raise ValueError(f'{self.path} is no Consilience project.')
            self.version = self._one('PRAGMA user_version')[0]
            if self.version > KNOWN_VERSION:
                warnings.warn(
                    f'{self.path} has format {self.version}; this module knows {KNOWN_VERSION}. '
                    'Take the consilience.py of the newer program if something is missing.',
                    stacklevel=3,
                )
            self.title = self._one('SELECT title FROM project')[0]
        except sqlite3.DatabaseError as error:
            self._db.close()
            raise ValueError(f'{self.path} cannot be read as a project: {error}.') from error
        except BaseException:
            self._db.close()
            raise

    def close(self):
        self._db.close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def __repr__(self):
        return f'<Project {self.title!r}, {len(self.results())} results>'

    @property
    def runs(self):
        """Every run, newest first."""
        return [Run(self, row) for row in self._all('SELECT * FROM runs ORDER BY run_key DESC')]

    def results(self, analysis=None, a=None, b=None, layer=None, run=None):
        """Results that fit everything given, in the order they were stored; of one run in its order."""
        wanted = {'analysis': analysis, 'network_a': a, 'network_b': b, 'layer_a': layer}
        given = {column: value for column, value in wanted.items() if value is not None}
        table, order, values = 'results', 'result_key', list(given.values())
        conditions = [f'{column} = ?' for column in given]
        if run is not None:
            table, order = 'results JOIN run_results USING (result_key)', 'position'
            conditions.append('run_key = ?')
            values.append(run.key)
        where = f' WHERE {" AND ".join(conditions)}' if conditions else ''
        rows = self._all(f'SELECT results.* FROM {table}{where} ORDER BY {order}', *values)
        return [Result(self, row) for row in rows]

    def result(self, analysis=None, a=None, b=None, layer=None, run=None):
        """The one result that fits; of several by the same question the newest run's."""
        run = run or next(iter(self.runs), None)
        found = self.results(analysis, a, b, layer, run)
        asked = ', '.join(str(one) for one in (analysis, a, b, layer) if one is not None)
        if not found:
            raise KeyError(f'The run has no result for {asked}.')
        if len(found) > 1:
            raise KeyError(f'{len(found)} results of the run fit {asked}; give analysis, a, b and layer.')
        return found[0]

    def table(self, analysis=None, run=None):
        """One row a result with every number of its headline: a data frame, or a list of dicts without pandas."""
        rows = []
        for result in self.results(analysis, run=run):
            row = {'analysis': result.analysis, 'a': result.a, 'b': result.b, 'layer': result.layer}
            row.update({key: value for key, value in result.headline.items() if isinstance(value, (int, float))})
            row['id'] = result.id
            rows.append(row)
        return _frame(rows)

    @property
    def figures(self):
        """Saved figures as dicts of `name`, `page` (the spec) and `saved_at`; the one saved last first."""
        if self._one("SELECT 1 FROM sqlite_master WHERE name = 'figures'") is None:
            return []
        rows = self._all('SELECT name, page, saved_at FROM figures ORDER BY saved_at DESC, figure_key DESC')
        return [{'name': row['name'], 'page': json.loads(row['page']), 'saved_at': row['saved_at']} for row in rows]

    def _one(self, text, *values):
        return self._db.execute(text, values).fetchone()

    def _all(self, text, *values):
        return self._db.execute(text, values).fetchall()

    def _array_rows(self, table, owner, key):
        return {
            row['name']: row
            for row in self._all(
                f'SELECT l.name, a.* FROM {table} l JOIN arrays a USING (array_id) WHERE l.{owner} = ? ORDER BY l.position',
                key,
            )
        }

    def _read(self, row):
        rows, cols = row['row_count'], row['col_count']
        dtype = np.dtype(DTYPES[row['dtype']])
        whole = rows <= 1 or (rows <= TILE and cols <= TILE)
        out = np.empty((rows, cols), dtype)
        tiles = self._db.execute(
            'SELECT tile_row, tile_col, data FROM tiles WHERE array_id = ? AND level = 0', (row['array_id'],)
        )
        for tile_row, tile_col, data in tiles:
            top, left = TILE * tile_row, TILE * tile_col
            height, width = (rows, cols) if whole else (min(TILE, rows - top), min(TILE, cols - left))
            out[top : top + height, left : left + width] = np.frombuffer(data, dtype).reshape(height, width)
        return out[0] if rows == 1 else out


class _Arrays:
    """Arrays by name: `owner['name']`. A vector has one axis, a matrix two."""

    def _load(self, project, table, owner, key):
        self._project = project
        self._rows = project._array_rows(table, owner, key)

    @property
    def arrays(self):
        """Names with type and shape, without reading the values."""
        shapes = {}
        for name, row in self._rows.items():
            vector = row['row_count'] == 1
            shapes[name] = (row['dtype'], (row['col_count'],) if vector else (row['row_count'], row['col_count']))
        return shapes

    def __getitem__(self, name):
        if name not in self._rows:
            raise KeyError(f'There is no array {name!r} here; there are {", ".join(self._rows) or "none"}.')
        return self._project._read(self._rows[name])

    def __contains__(self, name):
        return name in self._rows

    def __iter__(self):
        return iter(self._rows)

    def __len__(self):
        return len(self._rows)


class Result(_Arrays):
    """An answer: `headline` numbers, `params`, `provenance`, and arrays by name."""

    def __init__(self, project, row):
        self.key = row['result_key']
        self.id = row['result_id']
        self.analysis = row['analysis']
        self.a, self.layer_a = row['network_a'], row['layer_a']
        self.b, self.layer_b = row['network_b'], row['layer_b']
        self.layer = self.layer_a
        self.params = json.loads(row['params'])
        self.headline = _numbers(json.loads(row['headline']))
        self.provenance = json.loads(row['provenance'])
        self.created_at = row['created_at']
        self._load(project, 'result_arrays', 'result_key', self.key)

    def __repr__(self):
        return f'<Result {self.analysis} of {self.a} and {self.b} at {self.layer}: {", ".join(self._rows)}>'

    def units(self):
        """One row a unit of A with every vector that has a value of it: a data frame, or a dict without pandas.

        Of a matching, for instance: `semi`, `semi-value`, `match` (unit of B, -1 for none), `match-value`.
        """
        first = next((name for name in ('match', 'semi') if name in self), None)
        if first is None:
            raise KeyError(f'A result of {self.analysis} has no list of units; read its arrays by name.')
        count = self.arrays[first][1]
        # Orders are no values of units, and names with -b are about the units of B.
        own = [name for name in self if not name.startswith('order') and '-b' not in name]
        columns = {name: self[name] for name in own if self.arrays[name][1] == count}
        try:
            import pandas
        except ImportError:
            return columns
        return pandas.DataFrame(columns).rename_axis('unit')


class Run:
    """A recipe that was run: `id`, `title`, `networks` and `layers` (names), `recipe` (as written)."""

    def __init__(self, project, row):
        self._project = project
        self.key = row['run_key']
        self.id = row['run_id']
        self.title = row['title']
        self.created_at = row['created_at']
        self.recipe = row['recipe']
        self.data = json.loads(row['data'])
        self.networks = [network['name'] for network in json.loads(row['networks'])]
        self.layers = [layer['name'] for layer in json.loads(row['layers'])]
        self._capture_key = row['capture_key']

    def __repr__(self):
        return f'<Run {self.title!r} of {", ".join(self.networks)} at {", ".join(self.layers)}>'

    @property
    def results(self):
        return self._project.results(run=self)

    @property
    def capture(self):
        """Statistics of the pass over the data, as arrays by name."""
        row = self._project._one('SELECT * FROM captures WHERE capture_key = ?', self._capture_key)
        return Capture(self._project, row)


class Capture(_Arrays):
    """What one pass over the data left: `summary`, and arrays by name."""

    def __init__(self, project, row):
        self.id = row['capture_id']
        self.summary = json.loads(row['summary'])
        self._load(project, 'capture_arrays', 'capture_key', row['capture_key'])

    @property
    def arrays(self):
        """Names with type and shape, without reading the values."""
        shapes = super().arrays
        for name, (dtype, shape) in shapes.items():
            if _is_moments(name):
                shapes[name] = (dtype, (shape[-1], shape[-1]))
        return shapes

    def __getitem__(self, name):
        values = super().__getitem__(name)
        return _whole(np.atleast_2d(values)) if _is_moments(name) else values


def _is_moments(name):
    return name.endswith('/m2')


def _whole(stored):
    """Second moments [p x p] of a packed triangle (docs/project-file.md), or of the whole matrix of older files."""
    rows, p = stored.shape
    upper = np.zeros((p, p), stored.dtype)
    upper[:rows] = stored
    if rows < p:
        for i in range(1, p - rows + 1):
            upper[p - i, p - i :] = stored[i, :i]
    upper = np.triu(upper)
    return upper + np.triu(upper, 1).T


def _connect(path):
    address = path.resolve().as_uri()
    # A copy on a read-only disk has no place for the files that SQLite keeps beside a project.
    try:
        return _checked(sqlite3.connect(f'{address}?mode=ro', uri=True))
    except sqlite3.OperationalError:
        return _checked(sqlite3.connect(f'{address}?mode=ro&immutable=1', uri=True))
    except sqlite3.DatabaseError as error:
        raise ValueError(f'{path} is no Consilience project ({error}).') from error


def _checked(db):
    db.row_factory = sqlite3.Row
    try:
        db.execute('SELECT count(*) FROM sqlite_master').fetchone()
        return db
    except sqlite3.Error:
        db.close()
        raise


def _numbers(value):
    """Headlines with the numbers that JSON cannot write."""
    if isinstance(value, dict):
        return {key: _numbers(one) for key, one in value.items()}
    if isinstance(value, list):
        return [_numbers(one) for one in value]
    return NOT_IN_JSON.get(value, value) if isinstance(value, str) else value


def _frame(rows):
    try:
        import pandas
    except ImportError:
        return rows
    return pandas.DataFrame(rows)
