namespace Atm0s.Sip.Hooks;

/// <summary>Is told what happens to calls. Events of one call come in order, never two at once; different calls run side by side.</summary>
/// <remarks>An exception is logged and the next event is delivered all the same; the call does not notice.</remarks>
public interface ICallObserver
{
    /// <summary>Something happened to a call.</summary>
    ValueTask OnCallEventAsync(CallEvent callEvent, CancellationToken cancellationToken);
}
