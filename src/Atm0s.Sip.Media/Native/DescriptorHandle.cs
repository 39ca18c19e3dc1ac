using Microsoft.Win32.SafeHandles;

namespace Atm0s.Sip.Media.Native;

/// <summary>Owns a file descriptor of Linux.</summary>
internal sealed class DescriptorHandle : SafeHandleMinusOneIsInvalid
{
    public DescriptorHandle()
        : base(ownsHandle: true)
    {
    }

    protected override bool ReleaseHandle() => LibC.Close((int)handle) == 0;
}
