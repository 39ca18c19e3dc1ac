namespace Atm0s.Sip.Diagnostics;

/// <summary>A work item that lets nothing out: whoever runs it need not catch.</summary>
internal interface IGuardedWork : IThreadPoolWorkItem;
