using System.Runtime.InteropServices;

namespace Atm0s.Sip.Media.Native;

/// <summary>struct io_uring_params: asked with the first fields, answered with where the rings lie.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct IoRingParameters
{
    public uint SubmissionEntries;
    public uint CompletionEntries;
    public uint Flags;
    public uint PollThreadProcessor;
    public uint PollThreadIdle;
    public uint Features;
    public uint WorkQueueDescriptor;
    private readonly uint _reserved0;
    private readonly uint _reserved1;
    private readonly uint _reserved2;

    // struct io_sqring_offsets
    public uint SubmissionHead;
    public uint SubmissionTail;
    public uint SubmissionMask;
    public uint SubmissionEntryCount;
    public uint SubmissionFlags;
    public uint SubmissionDropped;
    public uint SubmissionArray;
    private readonly uint _reserved3;
    private readonly ulong _submissionAddress;

    // struct io_cqring_offsets
    public uint CompletionHead;
    public uint CompletionTail;
    public uint CompletionMask;
    public uint CompletionEntryCount;
    public uint CompletionOverflow;
    public uint CompletionsAt;
    public uint CompletionFlags;
    private readonly uint _reserved4;
    private readonly ulong _completionAddress;
}
