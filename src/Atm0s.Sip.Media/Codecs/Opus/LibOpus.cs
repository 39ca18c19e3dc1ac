using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Atm0s.Sip.Media.Codecs.Opus;

/// <summary>The calls into libopus. <see cref="LibOpusLibrary.Loaded"/> must have been read before the first.</summary>
internal static unsafe partial class LibOpus
{
    /// <summary>Logical name; <see cref="LibOpusLibrary"/> resolves it.</summary>
    public const string Library = "opus";

    public const int SetBitrate = 4002;
    public const int SetMaxBandwidth = 4004;
    public const int SetVbr = 4006;
    public const int SetComplexity = 4010;
    public const int SetInbandFec = 4012;
    public const int SetPacketLossPercent = 4014;
    public const int SetDtx = 4016;

    private const int ResetState = 4028;

    [LibraryImport(Library, EntryPoint = "opus_encoder_create")]
    [UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    public static partial LibOpusEncoderHandle CreateEncoder(int sampleRate, int channels, int application, out int error);

    [LibraryImport(Library, EntryPoint = "opus_encoder_destroy")]
    [UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    public static partial void DestroyEncoder(nint encoder);

    [LibraryImport(Library, EntryPoint = "opus_encode")]
    [UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    public static partial int Encode(LibOpusEncoderHandle encoder, short* pcm, int frameSize, byte* data, int maxBytes);

    [LibraryImport(Library, EntryPoint = "opus_decoder_create")]
    [UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    public static partial LibOpusDecoderHandle CreateDecoder(int sampleRate, int channels, out int error);

    [LibraryImport(Library, EntryPoint = "opus_decoder_destroy")]
    [UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    public static partial void DestroyDecoder(nint decoder);

    [LibraryImport(Library, EntryPoint = "opus_decode")]
    [UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    public static partial int Decode(LibOpusDecoderHandle decoder, byte* data, int length, short* pcm, int frameSize, int decodeFec);

    /// <summary>Sets one value of an encoder.</summary>
    /// <returns>0, or an error of libopus.</returns>
    public static int Set(LibOpusEncoderHandle encoder, int request, int value) =>
        // opus_encoder_ctl is variadic. Elsewhere a variadic int travels like a fixed one; on Apple arm64 it travels on the stack,
        // so the eight argument registers are filled before it.
        OperatingSystem.IsMacOS() && RuntimeInformation.ProcessArchitecture == Architecture.Arm64
            ? ControlOnStack(encoder, request, 0, 0, 0, 0, 0, 0, value)
            : Control(encoder, request, value);

    /// <summary>Makes an encoder as good as new; what was set stays. False when libopus refuses.</summary>
    public static bool Reset(LibOpusEncoderHandle encoder) => Control(encoder, ResetState, 0) == 0;

    /// <summary>Makes a decoder as good as new. False when libopus refuses.</summary>
    public static bool Reset(LibOpusDecoderHandle decoder) => Control(decoder, ResetState, 0) == 0;

    [LibraryImport(Library, EntryPoint = "opus_encoder_ctl")]
    [UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    private static partial int Control(LibOpusEncoderHandle encoder, int request, int value);

    // Without an argument of its own; a further one that nobody reads does no harm.
    [LibraryImport(Library, EntryPoint = "opus_decoder_ctl")]
    [UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    private static partial int Control(LibOpusDecoderHandle decoder, int request, int value);

    [LibraryImport(Library, EntryPoint = "opus_encoder_ctl")]
    [UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    private static partial int ControlOnStack(
        LibOpusEncoderHandle encoder, int request, nint pad2, nint pad3, nint pad4, nint pad5, nint pad6, nint pad7, nint value);
}
