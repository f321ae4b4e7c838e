var builder = WebApplication.CreateBuilder(args);
builder.AddGracefulShutdown();
builder.Services.AddSingleton<Mailer>();

var app = builder.Build();
app.MapPost("/orders/{id}", (int id, Mailer mailer) =>
{
    _ = Task.Run(() => mailer.ConfirmAsync(id));
    return Results.Accepted();
});
app.MapReadiness();
app.Run();

internal sealed class Mailer(IConfiguration configuration)
{
    public async Task ConfirmAsync(int order)
    {
        await Task.Delay(4000);
        await File.WriteAllTextAsync(Path.Combine(configuration["Folder"]!, $"mail-{order}"), "sent");
    }
}
