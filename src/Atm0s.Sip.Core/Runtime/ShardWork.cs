namespace Atm0s.Sip.Core.Runtime;

/// <summary>
/// A piece of work for a shard. Pass a static lambda and give what it needs in the two state arguments: then posting allocates nothing.
/// </summary>
/// <param name="shard">The shard that runs it.</param>
/// <param name="first">State given when it was posted.</param>
/// <param name="second">More state given when it was posted.</param>
internal delegate void ShardWork(SipShard shard, object? first, object? second);
