-- The database that the gate measures: its tables, with rows enough that a missing index shows.
CREATE TABLE orders (
  id INTEGER PRIMARY KEY,
  customer INTEGER NOT NULL,
  total REAL NOT NULL,
  placed_at TEXT NOT NULL
);
CREATE INDEX orders_by_customer ON orders (customer, placed_at);

WITH RECURSIVE numbers(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < 50000)
INSERT INTO orders
SELECT n, n * 7919 % 1000, (n * 104729 % 100000) / 100.0, datetime(1700000000 + n * 60, 'unixepoch')
FROM numbers;
