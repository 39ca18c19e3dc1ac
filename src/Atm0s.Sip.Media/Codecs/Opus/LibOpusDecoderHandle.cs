using Microsoft.Win32.SafeHandles;

namespace Atm0s.Sip.Media.Codecs.Opus;

/// <summary>Owns one OpusDecoder of libopus.</summary>
internal sealed class LibOpusDecoderHandle() : SafeHandleZeroOrMinusOneIsInvalid(ownsHandle: true)
{
    protected override bool ReleaseHandle()
    {
        LibOpus.DestroyDecoder(handle);
        return true;
    }
}
