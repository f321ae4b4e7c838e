var builder = WebApplication.CreateBuilder(args);
builder.AddGracefulShutdown();
builder.Services.AddHealthChecks().AddShutdownCheck();

var app = builder.Build();
if (app.Environment.IsDevelopment())
{
    app.MapHealthChecks("/health/ready");
}

app.Run();
