// Builds and publishing take all processors there are.
[assembly: NonParallelizable]
