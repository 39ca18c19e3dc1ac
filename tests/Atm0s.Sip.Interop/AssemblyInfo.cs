// Most of a test is waiting for phones; what burdens the processor says NonParallelizable and runs alone, after the others.
[assembly: Parallelizable(ParallelScope.All)]
[assembly: LevelOfParallelism(4)]
[assembly: FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
