using System.Runtime.InteropServices;

namespace Atm0s.Sip.Media.Native;

/// <summary>
/// io_uring(7): calls that are written into memory shared with the system and made together by one call. Only calls that never wait are
/// for it, so that all are done when <see cref="Submit"/> returns. Of one thread, that which makes it.
/// </summary>
internal sealed unsafe class IoRing : IDisposable
{
    /// <summary>IORING_OP_SEND.</summary>
    public const byte Send = 26;

    /// <summary>IORING_OP_RECVMSG.</summary>
    public const byte ReceiveMessage = 10;

    private const uint SubmitAll = 1 << 7; // IORING_SETUP_SUBMIT_ALL: one bad entry does not hold up the next
    private const uint Cooperative = 1 << 8; // IORING_SETUP_COOP_TASKRUN
    private const uint SingleIssuer = 1 << 12; // IORING_SETUP_SINGLE_ISSUER
    private const uint Deferred = 1 << 13; // IORING_SETUP_DEFER_TASKRUN, since Linux 6.1
    private const uint SingleMapping = 1; // IORING_FEAT_SINGLE_MMAP
    private const uint GetEvents = 1; // IORING_ENTER_GETEVENTS
    private const int ReadWrite = 3; // PROT_READ | PROT_WRITE
    private const int SharedAndThere = 0x8001; // MAP_SHARED | MAP_POPULATE
    private const long EntriesOffset = 0x10000000; // IORING_OFF_SQES
    private const int Interrupted = 4; // EINTR
    private const int MaxTries = 16;

    private readonly DescriptorHandle _descriptor;
    private readonly byte* _rings;
    private readonly nuint _ringsLength;
    private readonly IoRingEntry* _entries;
    private readonly nuint _entriesLength;
    private readonly uint* _tail;
    private readonly uint* _completionHead;
    private readonly uint* _completionTail;
    private readonly uint _completionMask;
    private readonly IoRingCompletion* _completions;
    private readonly uint _mask;
    private uint _written; // entries ever
    private bool _isReleased;

    private IoRing(
        DescriptorHandle descriptor, in IoRingParameters at, byte* rings, nuint ringsLength, IoRingEntry* entries, nuint entriesLength)
    {
        _descriptor = descriptor;
        _rings = rings;
        _ringsLength = ringsLength;
        _entries = entries;
        _entriesLength = entriesLength;
        _tail = (uint*)(rings + at.SubmissionTail);
        _mask = *(uint*)(rings + at.SubmissionMask);
        _completionHead = (uint*)(rings + at.CompletionHead);
        _completionTail = (uint*)(rings + at.CompletionTail);
        _completionMask = *(uint*)(rings + at.CompletionMask);
        _completions = (IoRingCompletion*)(rings + at.CompletionsAt);
        var array = (uint*)(rings + at.SubmissionArray);
        for (var i = 0u; i < at.SubmissionEntries; i++)
            array[i] = i;
        _written = *_tail;
    }

    /// <summary>Entries that wait for <see cref="Submit"/>.</summary>
    public int Count { get; private set; }

    /// <summary>Makes a ring.</summary>
    /// <param name="entries">What one <see cref="Submit"/> takes, a power of two.</param>
    /// <param name="error">Why there is none: the error of the system (EPERM and ENOSYS where it is forbidden).</param>
    /// <returns>Null where the system has none, or an older one.</returns>
    public static IoRing? TryCreate(int entries, out int error)
    {
        var parameters = new IoRingParameters { Flags = SubmitAll | Cooperative | SingleIssuer | Deferred };
        var descriptor = LibC.SetUpRing((uint)entries, &parameters);
        error = descriptor.IsInvalid ? Marshal.GetLastPInvokeError() : 0;
        if (error != 0 || (parameters.Features & SingleMapping) == 0)
        {
            descriptor.Dispose();
            return null;
        }

        var ringsLength = Math.Max(
            parameters.SubmissionArray + ((nuint)parameters.SubmissionEntries * sizeof(uint)),
            parameters.CompletionsAt + ((nuint)parameters.CompletionEntries * (nuint)sizeof(IoRingCompletion)));
        var entriesLength = (nuint)parameters.SubmissionEntries * (nuint)sizeof(IoRingEntry);
        var rings = LibC.Map(null, ringsLength, ReadWrite, SharedAndThere, descriptor, 0);
        var queue = rings == LibC.MapFailed
            ? LibC.MapFailed
            : LibC.Map(null, entriesLength, ReadWrite, SharedAndThere, descriptor, EntriesOffset);
        if (queue != LibC.MapFailed)
            return new IoRing(descriptor, parameters, (byte*)rings, ringsLength, (IoRingEntry*)queue, entriesLength);
        error = Marshal.GetLastPInvokeError();
        if (rings != LibC.MapFailed)
            _ = LibC.Unmap(rings, ringsLength);
        descriptor.Dispose();
        return null;
    }

    /// <summary>Writes an entry; only while <see cref="Count"/> is less than what one <see cref="Submit"/> takes.</summary>
    public void Add(byte operation, int descriptor, void* address, int length, int flags, int userData)
    {
        _entries[_written++ & _mask] = new IoRingEntry
        {
            Operation = operation,
            Descriptor = descriptor,
            Address = (ulong)address,
            Length = (uint)length,
            MessageFlags = (uint)flags,
            UserData = (ulong)userData,
        };
        Count++;
    }

    /// <summary>Makes the calls.</summary>
    /// <returns>False when the system has not done all: then the ring is of no use any more, and what entries point to may still be used.</returns>
    public bool Submit()
    {
        Volatile.Write(ref *_tail, _written);
        var (wanted, submitted) = ((uint)Count, 0u);
        Count = 0;
        for (var i = 0; i < MaxTries && (submitted < wanted || Completed < wanted); i++)
        {
            var result = LibC.EnterRing(_descriptor, wanted - submitted, wanted, GetEvents);
            if (result >= 0)
                submitted += (uint)result;
            else if (Marshal.GetLastPInvokeError() != Interrupted)
                break;
        }

        return submitted == wanted && Completed == wanted;
    }

    /// <summary>Reads what came of a call.</summary>
    /// <returns>False when all has been read.</returns>
    public bool TryRead(out int userData, out int result)
    {
        var head = *_completionHead;
        if (head == Volatile.Read(ref *_completionTail))
        {
            (userData, result) = (0, 0);
            return false;
        }

        ref readonly var completion = ref _completions[head & _completionMask];
        (userData, result) = ((int)completion.UserData, completion.Result);
        Volatile.Write(ref *_completionHead, head + 1);
        return true;
    }

    /// <summary>Gives all back.</summary>
    public void Dispose()
    {
        if (_isReleased)
            return;
        _isReleased = true;
        _ = LibC.Unmap(_entries, _entriesLength);
        _ = LibC.Unmap(_rings, _ringsLength);
        _descriptor.Dispose();
    }

    private uint Completed => Volatile.Read(ref *_completionTail) - *_completionHead;
}
