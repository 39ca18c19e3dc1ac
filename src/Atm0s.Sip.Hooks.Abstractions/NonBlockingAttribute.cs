namespace Atm0s.Sip.Hooks;

/// <summary>
/// Promises that a handler never blocks: it looks at what is in memory, or starts something and returns its task. The server then calls it
/// on the signalling thread itself, which saves the way to another thread and back, some tens of microseconds a question.
/// </summary>
/// <remarks>
/// <para>
/// The promise is of every method that the server calls on an object of the class: it waits for no lock that is held for long, no file, no
/// network and no database, and is through within microseconds. One that can't know its answer yet returns a task that is not completed;
/// from there on it is treated like any other handler, with its time limit. The token belongs to the call alone: a handler that answers at
/// once must not keep it.
/// </para>
/// <para>
/// It counts for handlers that are always the same object: given as an instance, or registered as a singleton. One that is made anew for
/// each question is asked on a thread of the handlers as without the attribute, and the log says so once. It counts for
/// <see cref="IAuthProvider"/>, <see cref="IInviteHandler"/>, <see cref="ITransferHandler"/>, <see cref="IMessageHandler"/> and
/// <see cref="IRoomProvider"/>. Observers are told on a thread of the handlers in any case; theirs is spared a cancellation source for each
/// event.
/// </para>
/// <para>
/// While it runs, all calls of its shard wait. So a handler that has not kept its promise loses it: the log says how long it took, and
/// it is asked elsewhere from then on, for as long as the server runs. The first question is always asked elsewhere, for the sake of what
/// is loaded with it. An exception has the documented outcome, as anywhere.
/// </para>
/// <para>The attribute is not inherited: a derived class makes a promise of its own.</para>
/// </remarks>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
public sealed class NonBlockingAttribute : Attribute;
