using KeyAccountLogistics.FirmwareAdapters.Cameras;
using KeyAccountLogistics.TestKit;
using KeyAccountLogistics.TestKit.Devices;

namespace KeyAccountLogistics.Unit.Firmware.Around;

/// <summary>Photos over Video4Linux, against a device that keeps its rules. No real camera was at hand.</summary>
public sealed class VideoCameraTests
{
    private const uint Mjpeg = 0x4750_4A4D, Yuyv = 0x5659_5559;
    private readonly FakeNodes _nodes = new();

    private VideoCamera Camera(FakeVideoDevice device)
    {
        _nodes.Plug("/dev/video0", device.Open);
        return new VideoCamera(_nodes, "/dev/video0");
    }

    [Fact]
    public void An_MJPEG_frame_is_kept_as_the_camera_made_it_once_the_exposure_has_settled()
    {
        var device = new FakeVideoDevice(Mjpeg, static n => [0xFF, 0xD8, 0xFF, (byte)n]);
        var camera = Camera(device);
        camera.Take().Jpeg.ShouldBe([0xFF, 0xD8, 0xFF, 4]);
        device.Streaming.ShouldBeFalse();
        camera.Take().Jpeg.ShouldNotBeNull();
    }

    [Fact]
    public void Damaged_frames_are_passed_over()
    {
        var device = new FakeVideoDevice(Mjpeg, static n => [0xFF, 0xD8, 0xFF, (byte)n]) { IsDamaged = static n => n is 4 or 5 };
        Camera(device).Take().Jpeg.ShouldBe([0xFF, 0xD8, 0xFF, 6]);
        var never = new FakeVideoDevice(Mjpeg, static _ => [1]) { IsDamaged = static _ => true };
        Camera(never).Take().ShouldBe(new CameraPhoto(null, "/dev/video0 sends damaged frames only"));
    }

    [RequiresProgramFact("/usr/lib/x86_64-linux-gnu/libturbojpeg.so.0")]
    public void A_raw_frame_is_packed_as_JPEG()
    {
        // Left half dark, right half light, no colour.
        var device = new FakeVideoDevice(Yuyv, static _ => [.. Enumerable.Range(0, 64 * 48 * 2).Select(static i => i % 2 == 1 ? (byte)128 : i % 128 < 64 ? (byte)16 : (byte)235)]);
        var image = ImageFile.Decode(Camera(device).Take().Jpeg.ShouldNotBeNull());
        (image.Width, image.Height).ShouldBe((64, 48));
        image.Pixels[(20 * 64) + 5].ShouldBeLessThan((byte)10);
        image.Pixels[(20 * 64) + 58].ShouldBeGreaterThan((byte)245);
    }

    [Fact]
    public void What_is_wrong_is_said()
    {
        new VideoCamera(_nodes, "/dev/video7").Take().Reason.ShouldContain("no such device");
        Camera(new FakeVideoDevice(Mjpeg, static _ => [1]) { Stuck = true }).Take().ShouldBe(new CameraPhoto(null, "/dev/video0 sends no frames"));
        Camera(new FakeVideoDevice(0x3231_564E, static _ => [1])).Take().Reason.ShouldContain("neither MJPEG nor YUYV");
        Camera(new FakeVideoDevice(Mjpeg, static _ => [1]) { Capabilities = 0x0020_0000 }).Take().Reason.ShouldContain("takes no pictures");
        Camera(new FakeVideoDevice(Mjpeg, static _ => [1]) { Size = (100_000, 10) }).Take().Jpeg.ShouldBeNull();
        _nodes.Plug("/dev/video0", new FakeGpioChip(4).Open);
        new VideoCamera(_nodes, "/dev/video0").Take().Reason.ShouldBe("/dev/video0 is no camera");
    }
}
