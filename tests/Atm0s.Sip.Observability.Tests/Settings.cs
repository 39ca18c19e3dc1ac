// Whoever listens to an ActivitySource or a Meter listens in the whole process.
[assembly: NonParallelizable]
