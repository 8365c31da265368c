namespace KeyAccountLogistics.FirmwareAdapters.Scanners.Wedge;

/// <summary>The US layout as the kernel numbers its keys (linux/input-event-codes.h): what a keyboard-wedge scanner of factory setting types.</summary>
internal static class UsKeyboard
{
    internal const ushort Tab = 15;
    internal const ushort Enter = 28;
    internal const ushort KeypadEnter = 96;
    internal const ushort LeftControl = 29;
    internal const ushort RightControl = 97;
    internal const ushort LeftShift = 42;
    internal const ushort RightShift = 54;
    internal const ushort LeftAlt = 56;
    internal const ushort RightAlt = 100;
    internal const ushort CapsLock = 58;
    internal const ushort NumLock = 69;

    // From KEY_1 (2) on; a blank of this table is a key that types nothing.
    private const string Plain = "1234567890-=\0\0qwertyuiop[]\0\0asdfghjkl;'`\0\\zxcvbnm,./\0*\0 ";
    private const string Shifted = "!@#$%^&*()_+\0\0QWERTYUIOP{}\0\0ASDFGHJKL:\"~\0|ZXCVBNM<>?\0*\0 ";
    private const string Keypad = "789-456+1230.";
    private const ushort First = 2;
    private const ushort KeypadFirst = 71;
    private const ushort KeypadSlash = 98;

    /// <summary>The character a key types; 0 where it types none on this layout.</summary>
    internal static byte Character(ushort key, bool shift, bool capsLock)
    {
        if (key == KeypadSlash) return (byte)'/';
        if (key is >= KeypadFirst and < KeypadFirst + 13) return (byte)Keypad[key - KeypadFirst];
        if (key is < First or >= First + 56) return 0;
        var plain = Plain[key - First];
        var capital = char.IsAsciiLetterLower(plain) ? shift != capsLock : shift;
        return (byte)(capital ? Shifted[key - First] : plain);
    }

    /// <summary>The control character of control and a key (control + <c>]</c> is GS); 0 where there is none.</summary>
    internal static byte Control(ushort key)
    {
        var typed = Character(key, shift: true, capsLock: false);
        return typed switch
        {
            >= (byte)'A' and <= (byte)'Z' => (byte)(typed - 0x40),
            (byte)'{' or (byte)'|' or (byte)'}' => (byte)(typed - 0x60),
            (byte)'^' => 0x1E,
            (byte)'_' => 0x1F,
            _ => 0,
        };
    }
}
